/* A photo that is still on this phone, drawn: the picture itself and the words of its state. */

const SVG = "http://www.w3.org/2000/svg";
const WORDS = {
  waiting: ["clock", "Waiting"],
  sending: ["cloud-upload", "Sending"],
  sent: ["check", "Sent"],
  refused: ["circle-alert", "Needs you"],
  signin: ["lock", "Sign in again"],
};

export const owner = () => document.querySelector('meta[name="worker"]')?.content ?? "";
export const ownerName = () => document.querySelector('meta[name="worker-name"]')?.content ?? "";

export function icon(name, icons) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i-sm");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", `${icons}#${name}`);
  return svg;
}

/** The words of a state, e.g. "62 %" while it is being sent. */
export const words = (state, share) => (state === "sending" && share ? `${share} %` : (WORDS[state] ?? WORDS.waiting)[1]);

export function drawState(line, { state, share }, icons) {
  line.replaceChildren(icon((WORDS[state] ?? WORDS.waiting)[0], icons), words(state, share));
}

/** The picture from the phone's own store; a place for it where the browser cannot read the kind (raw HEIC). */
export function picture(photo, icons) {
  const img = document.createElement("img");
  img.alt = `Photo ${photo.name}`;
  img.width = 240;
  img.height = 180;
  img.src = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  const done = () => URL.revokeObjectURL(img.src);
  img.addEventListener("load", done, { once: true });
  img.addEventListener("error", () => {
    done();
    const place = document.createElement("span");
    place.className = "no-picture";
    place.append(icon("image", icons));
    img.replaceWith(place);
  });
  return img;
}

/** The tile of the grid on a visit's page. */
export function tileOf(photo, icons) {
  const tile = document.createElement("li");
  tile.dataset.id = photo.id;
  tile.append(picture(photo, icons));
  tile.appendChild(document.createElement("span")).className = "state";
  drawTile(tile, photo, icons);
  return tile;
}

export function drawTile(tile, photo, icons) {
  drawState(tile.querySelector(".state"), photo, icons);
  tile.classList.toggle("is-refused", photo.state === "refused" || photo.state === "signin");
  tile.querySelector("progress")?.remove();
  if (photo.state === "sending" && photo.share) {
    const bar = tile.appendChild(document.createElement("progress"));
    bar.max = 100;
    bar.value = photo.share;
    bar.setAttribute("aria-label", "Sent so far");
  }
  tile.querySelector(".again")?.remove();
  if (photo.state !== "refused" && photo.state !== "signin") return;
  const why = tile.appendChild(document.createElement("a")); // the page of what waits says why, and what can be done
  why.className = "again";
  why.href = "/worker/photos";
  why.setAttribute("aria-label", `${words(photo.state)}. ${photo.why || ""}`.trim());
}
