// Leaves the page at once, by the link or by pressing Shift three times: what is on the screen is covered, and the page is
// replaced in the tab's history, so that Back does not return to it.
const PRESSES_TO_LEAVE = 3;
const WITHIN_MILLISECONDS = 5000;

const wayOut = document.querySelector(".leave-now a");
const said = document.querySelector(".leave-said");
let presses = 0;
let isBareShift = false;
let forgetting;

function leave() {
  document.documentElement.classList.add("is-leaving");
  document.title = wayOut.host;
  said.textContent = said.dataset.left;
  location.replace(wayOut.href);
}

function forget() {
  clearTimeout(forgetting);
  presses = 0;
  isBareShift = false;
  said.textContent = "";
}

function count() {
  presses += 1;
  if (presses === PRESSES_TO_LEAVE) {
    leave();
    return;
  }
  if (presses === 1) {
    forgetting = setTimeout(forget, WITHIN_MILLISECONDS);
  }
  said.textContent = presses === 1 ? said.dataset.two : said.dataset.one;
}

wayOut.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

// A press counts when Shift comes up again and nothing else was touched meanwhile: capitals and selections do not leave.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    forget();
  } else if (!event.repeat) {
    isBareShift = !(event.ctrlKey || event.altKey || event.metaKey);
  }
});
document.addEventListener("keyup", (event) => {
  if (event.key === "Shift" && isBareShift) {
    isBareShift = false;
    count();
  }
});
document.addEventListener("pointerdown", forget);
