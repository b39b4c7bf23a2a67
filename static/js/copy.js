// Puts the private link where it can be pasted, and says so. Without this script it is copied by hand.
const copying = document.querySelector(".copying");
const address = document.querySelector(".own-address strong");
const copied = copying.querySelector("[role=status]");

async function copy() {
  try {
    await navigator.clipboard.writeText(address.textContent);
    copied.textContent = copied.dataset.copied;
  } catch {
    // Not allowed, or not there: browsers have a clipboard for pages over HTTPS alone.
    getSelection().selectAllChildren(address);
    copied.textContent = copied.dataset.failed;
  }
}

copying.querySelector("button").addEventListener("click", copy);
copying.hidden = false;
