/* A button with data-copy (words, or "#id" of a field) puts them on the clipboard and says so. */

import { toast } from "./toasts.js";

export default function copy(button) {
  button.addEventListener("click", async () => {
    const source = button.dataset.copy;
    const words = source.startsWith("#") ? document.querySelector(source).value : source;
    try {
      await navigator.clipboard.writeText(words);
      toast("Copied.");
    } catch {
      toast("Copying is not allowed here. Select the text and copy it by hand.");
    }
  });
}
