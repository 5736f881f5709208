import { connect } from "./bridge.js";
import "./frame.js";
import "./ask.js";
import "./filters.js";
import "./evidence.js";
import "./reader.js";
import "./library.js";
import "./evaluation.js";
import "./account.js";

window.policyqa = { connect };
