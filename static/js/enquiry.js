// What the form's page does; collected into one file, as the stylesheets are.
import "./leave.js";
import "./enquiry-token.js";
import "./enquiry-who.js";
import "./enquiry-language.js";
