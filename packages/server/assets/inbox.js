/* The inbox page: session, events and what is shown. The log says what is true; each event makes the page ask again. */
import { showHeld } from "./held-list.js";
import { visible } from "./visible-text.js";

const byId = (id) => document.getElementById(id);
const ENTRIES_SHOWN = 30;
const REFRESH_MS = 200;
const RETRY_MS_MAX = 15_000;
/** The close code of a server whose operator revoked the token. */
const REVOKED = 1008;

let token = takeToken();
let socket;
let timer;
let asking = Promise.resolve(true);

void start();

/** The link carries the token in its fragment, which no server sees; it is kept for this tab alone. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    sessionStorage.setItem("writ-token", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("writ-token");
}

async function start() {
  byId("sign-in").addEventListener("submit", signIn);
  byId("sign-out").addEventListener("click", () => signOut(""));
  addEventListener("online", () => void refresh());
  const health = await call("GET", "/health");
  byId("trial").hidden = !health.trial;
  if (token === null && !health.trial) signOut("");
  else await open();
}

function signIn(event) {
  event.preventDefault();
  token = byId("token").value.trim();
  byId("token").value = "";
  sessionStorage.setItem("writ-token", token);
  void open();
}

function signOut(problem) {
  token = null;
  sessionStorage.removeItem("writ-token");
  const last = socket;
  socket = undefined;
  last?.close();
  clearTimeout(timer);
  show({ signedIn: false });
  byId("held").replaceChildren();
  byId("entries").replaceChildren();
  for (const id of ["connection", "governance", "done", "problem"]) byId(id).textContent = "";
  byId("sign-in-problem").textContent = problem;
  byId("token").focus();
}

async function open() {
  if (!(await refresh())) return;
  show({ signedIn: true });
  byId("sign-in-problem").textContent = "";
  if (socket === undefined) follow(500);
}

function show({ signedIn }) {
  byId("sign-in").hidden = signedIn;
  for (const id of ["inbox", "log"]) byId(id).hidden = !signedIn;
  byId("sign-out").hidden = !signedIn || token === null;
}

function follow(waitMs) {
  const address = new URL("/ws", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(address, token === null ? ["writ"] : ["writ", `bearer.${token}`]);
  let nextWaitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
  socket = mine;
  mine.addEventListener("open", () => {
    byId("connection").textContent = "live";
    nextWaitMs = 500;
    soon();
  });
  mine.addEventListener("message", soon);
  mine.addEventListener("close", ({ code }) => {
    if (socket !== mine) return;
    byId("connection").textContent = "not connected; trying again";
    if (code === REVOKED) void refresh();
    setTimeout(() => socket === mine && follow(nextWaitMs), waitMs);
  });
}

/** Many events within a moment are one question. */
function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), REFRESH_MS);
}

/** One question at a time; false where the token is not let in. */
function refresh() {
  asking = asking.then(ask);
  return asking;
}

async function ask() {
  try {
    const [held, governance, { log }] = await Promise.all([
      call("GET", "/api/actions?state=held&limit=100"),
      call("GET", "/api/governance"),
      call("GET", "/api/status"),
    ]);
    const after = Math.max(-1, log.size - ENTRIES_SHOWN - 1);
    const { entries } = await call("GET", `/api/log?after=${after}&limit=${ENTRIES_SHOWN}`);
    byId("governance").textContent = `${governance.mode} · ${governance.posture}`;
    const waiting = held.actions.length;
    document.title = waiting === 0 ? "Writ inbox" : `(${waiting}) Writ inbox`;
    byId("inbox-title").textContent = waiting === 0 ? "Waiting for you" : `Waiting for you: ${waiting}`;
    byId("nothing").hidden = waiting > 0;
    byId("more").hidden = held.next === null;
    showHeld(byId("held"), held.actions, answer);
    showEntries(entries);
    return true;
  } catch (error) {
    if (error.status === 401 || error.status === 403) signOut(error.message);
    else byId("problem").textContent = error.message;
    return false;
  }
}

/** The digest goes along, so that the yes is for exactly what was shown. */
async function answer(item, action, verb) {
  for (const button of item.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  if (item.dataset.answering === "yes") return;
  item.dataset.answering = "yes";
  for (const id of ["problem", "done"]) byId(id).textContent = "";
  try {
    await call("POST", `/api/actions/${action.id}/${verb}`, verb === "confirm" ? { digest: action.digest } : {});
    byId("done").textContent = `${verb === "confirm" ? "Approved" : "Rejected"}: ${visible(action.summary)}`;
  } catch (error) {
    byId("problem").textContent = error.message;
  }
  delete item.dataset.answering;
  for (const button of item.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  await refresh();
}

function showEntries(entries) {
  const rows = entries.toReversed().map(({ index, entry }) => {
    const row = document.createElement("tr");
    for (const text of [String(index), entry.at.slice(11, 23), entry.kind, entryText(entry)]) {
      row.append(Object.assign(document.createElement("td"), { textContent: visible(text) }));
    }
    return row;
  });
  byId("entries").replaceChildren(...rows);
}

function entryText({ data }) {
  const words = [data.outcome, data.tool, data.action, data.reason, data.posture && `${data.mode} · ${data.posture}`];
  return words.filter((word) => typeof word === "string" && word !== "").join(" · ");
}

async function call(method, path, body) {
  const request = { method, headers: token === null ? {} : { authorization: `Bearer ${token}` } };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(`${answer.message}. Next: ${answer.next}.`), { status: response.status });
}
