// The questions follow who writes, as soon as that is chosen: our server is asked for them, as the button does without this
// script, but is told nothing else of what was written. Until it has answered, and if it does not, the form stays as it is.
const FOLLOWED = ["writing_as", "age_band"];
// What was answered so far, also to questions that are not asked just now: whoever changes back finds their answers again.
// Until the page is left, and nowhere but here.
const answers = new Map();
let asked;

function follow(form) {
  form.querySelector(".who-step").hidden = true;
  form.addEventListener("change", (event) => {
    if (FOLLOWED.includes(event.target.name)) {
      ask(form);
    }
  });
}

async function ask(form) {
  asked?.abort();
  asked = new AbortController();
  const data = new URLSearchParams({ step: "who", token: form.elements.token.value });
  for (const name of FOLLOWED) {
    data.set(name, form.elements[name].value);
  }
  try {
    const response = await fetch(form.action, { method: "POST", body: data, signal: asked.signal, credentials: "omit" });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const other = page.querySelector(".enquiry-form");
      if (questions(other) !== questions(form)) {
        replace(form, other);
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "AbortError")) {
      throw error;
    }
  }
}

function questions(form) {
  return [...form.querySelectorAll("label, legend")].map((label) => label.textContent).join("\n");
}

// Whoever has gone on to another question meanwhile stays there.
function replace(form, other) {
  const written = new FormData(form);
  for (const { name } of form.elements) {
    answers.set(name, written.getAll(name));
  }
  const token = form.elements.token.value;
  const { id, selectionStart, selectionEnd } = document.activeElement;
  form.replaceChildren(...document.adoptNode(other).childNodes);
  for (const control of form.elements) {
    if (["checkbox", "radio"].includes(control.type)) {
      control.checked = (answers.get(control.name) ?? []).includes(control.value);
    } else if (answers.get(control.name)?.length) {
      control.value = answers.get(control.name)[0];
    }
  }
  form.elements.token.value = token;
  form.querySelector(".who-step").hidden = true;
  form.querySelector("details")?.toggleAttribute("open", ["other_name", "other_telephone"].some((name) => answers.get(name)?.[0]));
  const focused = id && document.getElementById(id);
  focused?.focus({ preventScroll: true });
  if (focused && typeof selectionStart === "number") {
    focused.setSelectionRange(selectionStart, selectionEnd);
  }
}

const form = document.querySelector(".enquiry-form");
if (form) {
  follow(form);
}
