/* Keys of a page: data-hotkey="n", "/", "ctrl+k" on a link, button or field. Silent while somebody types. */

const typing = (el) => el.closest("input, textarea, select, [contenteditable]") !== null;

export default function hotkeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.shiftKey) return;
    const held = event.ctrlKey || event.metaKey;
    if (!held && typing(event.target)) return;
    const key = (held ? "ctrl+" : "") + event.key.toLowerCase();
    const places = [...root.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`)];
    const el = places.filter((place) => place.checkVisibility()).at(-1);
    if (!el) return;
    event.preventDefault();
    if (typing(el)) {
      el.focus();
      el.select?.();
    } else el.click();
  });
}
