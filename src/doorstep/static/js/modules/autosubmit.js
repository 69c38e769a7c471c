/* A GET form of selects sends itself when one changes. */

export default (form) => form.addEventListener("change", () => form.requestSubmit());
