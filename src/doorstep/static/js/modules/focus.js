/* Takes the focus when the page opens: the summary of errors is heard and seen first. */

export default (el) => el.focus({ preventScroll: false });
