/* The large picture of a thumbnail, in a dialog: arrows change it, Escape and the backdrop close it.
   Without script a thumbnail is a plain link to the picture. */

function build(el) {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", "Photo");
  const img = dialog.appendChild(document.createElement("img"));
  const bar = dialog.appendChild(document.createElement("div"));
  bar.className = "between";
  const button = (words) => {
    const b = document.createElement("button");
    b.className = "btn sm";
    b.type = "button";
    b.textContent = words;
    return b;
  };
  const caption = document.createElement("p");
  const parts = { dialog, img, caption, back: button("Back"), next: button("Next"), close: button("Close") };
  bar.append(parts.back, caption, parts.next, parts.close);
  el.after(dialog);
  return parts;
}

export default function lightbox(el) {
  const links = [...el.querySelectorAll("a")].filter((a) => a.querySelector("img"));
  let parts;
  let at = 0;
  const show = (n) => {
    at = (n + links.length) % links.length;
    const small = links[at].querySelector("img");
    parts.img.src = links[at].href;
    parts.img.alt = small.alt || links[at].textContent.trim();
    parts.caption.textContent = `${links[at].textContent.trim()} ${at + 1} of ${links.length}`.trim();
    parts.back.disabled = parts.next.disabled = links.length < 2;
  };
  const open = (n) => {
    if (!parts) {
      parts = build(el);
      parts.back.addEventListener("click", () => show(at - 1));
      parts.next.addEventListener("click", () => show(at + 1));
      parts.close.addEventListener("click", () => parts.dialog.close());
      parts.dialog.addEventListener("click", (e) => e.target === parts.dialog && parts.dialog.close());
      parts.dialog.addEventListener("keydown", (e) => {
        if (e.key === "ArrowLeft") show(at - 1);
        if (e.key === "ArrowRight") show(at + 1);
      });
    }
    show(n);
    parts.dialog.showModal();
  };
  el.addEventListener("click", (event) => {
    const n = links.indexOf(event.target.closest("a"));
    if (n < 0 || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    open(n);
  });
}
