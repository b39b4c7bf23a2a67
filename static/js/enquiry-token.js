// Browsers are told to keep no copy of the form, so Back fetches it anew, with another one-time token. This tab's history
// remembers the one that the form had at first: sending it again then meets the enquiry that it made, not a second one.
const field = document.querySelector('.enquiry-form input[name="token"]');
const kept = history.state?.enquiryToken;

if (kept) {
  field.value = kept;
} else {
  history.replaceState({ ...history.state, enquiryToken: field.value }, "");
}
