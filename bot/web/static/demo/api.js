// Talking to the server: one long poll for what is new, POSTs for what is done.

const HEADERS = { "X-Planbot-Demo": "1" };
const WAIT_SECONDS = 20;

/** The server's state: at once when `wait` is 0, else when something is newer than `since`. */
export async function state(run, since, wait = WAIT_SECONDS) {
  const query = new URLSearchParams({ run, since, wait });
  return answer(await fetch(`api/state?${query}`, { cache: "no-store" }));
}

/** Do something; throws an Error whose message is a sentence for people. */
export async function post(name, body) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  return answer(await fetch(`api/${name}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Send a picture or a file. */
export async function sendFile(person, chat, file) {
  const query = new URLSearchParams({ person, chat, name: file.name ?? "" });
  const headers = { ...HEADERS, "Content-Type": "application/octet-stream" };
  return answer(await fetch(`api/picture?${query}`, { method: "POST", headers, body: await asSent(file) }));
}

// LINE turns every picture into JPEG; JPEG and PNG are left as they are.
async function asSent(file) {
  if (!file.type.startsWith("image/") || ["image/jpeg", "image/png"].includes(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return await canvas.convertToBlob({ type: "image/jpeg" });
  } catch {
    return file;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? "伺服器沒有回應，請再試一次。");
  return body;
}
