// Whoever has begun to write takes it along into the other language: our server is asked for the same questions there, as
// the button for them does. Nothing is sent to anybody.
for (const link of document.querySelectorAll("a[hreflang]")) {
  link.addEventListener("click", (event) => {
    const form = document.querySelector(".enquiry-form");
    const isBegun = [...new FormData(form)].some(([name, value]) => name !== "token" && value);
    if (isBegun && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const step = Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: "who" });
      form.append(step);
      form.action = link.href;
      form.submit();
    }
  });
}
