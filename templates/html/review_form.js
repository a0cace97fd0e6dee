"use strict";
(() => {
  const form = document.getElementById("form");
  const status = document.getElementById("status");
  const facts = [...form.querySelectorAll("section[data-path]")];
  let unsaved = false;

  // What no sheet may hold: characters that drive terminals, and halves of pairs.
  const safe = (text) => text.replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
  // A string of JSON is one of YAML; what YAML ends a line at is written as its code.
  const quoted = (text) => JSON.stringify(safe(text))
    .replace(/[\u2028\u2029\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, (one) => "\\u" + one.charCodeAt(0).toString(16).padStart(4, "0"));
  const grades = (fact) => [...fact.querySelectorAll("input[data-dimension]:checked")];
  const comment = (fact) => safe(fact.querySelector("textarea").value).trim();

  const tell = () => {
    const given = facts.reduce((sum, fact) => sum + grades(fact).length, 0);
    status.textContent = `${given} of ${facts.length * 4} grades given${unsaved ? ", not saved yet" : ""}`;
  };

  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  };

  const yaml = (by, role) => {
    const lines = ["review: 1", `sheet: ${quoted(form.dataset.sheet)}`, "rounds:", "  - of:", `      digest: ${quoted(form.dataset.digest)}`, "      facts:"];
    for (const fact of facts) lines.push(`        ${fact.dataset.path}: ${quoted(fact.dataset.digest)}`);
    lines.push(`    date: ${quoted(form.dataset.date)}`, "    reviews:", `      - by: ${quoted(by)}`, `        role: ${role}`, `        date: ${quoted(today())}`);
    const whole = safe(document.getElementById("comment").value).trim();
    if (whole) lines.push(`        comment: ${quoted(whole)}`);
    lines.push("        scores:");
    for (const fact of facts) {
      const parts = grades(fact).map((one) => `${one.dataset.dimension}: ${one.value}`);
      if (comment(fact)) parts.push(`comment: ${quoted(comment(fact))}`);
      if (parts.length) lines.push(`          ${fact.dataset.path}: {${parts.join(", ")}}`);
    }
    return lines.join("\n") + "\n";
  };

  const fault = (id, words) => {
    const field = document.getElementById(id);
    document.getElementById(`${id}-fault`).textContent = words;
    if (words) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    return words ? field : null;
  };

  form.addEventListener("input", () => { unsaved = true; tell(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const by = safe(document.getElementById("by").value).replace(/\s+/g, " ").trim();
    const role = document.getElementById("role").value;
    const wrong = [fault("by", by ? "" : "Say who you are: a name, or a code."), fault("role", role ? "" : "Choose the role in which you read the sheet.")].find(Boolean);
    if (wrong) { status.textContent = "Not saved: something is missing above."; wrong.focus(); return; }
    if (!facts.some((fact) => grades(fact).length || comment(fact))) {
      status.textContent = "Not saved: there is no grade and no comment yet.";
      return;
    }
    const name = `${form.dataset.stem}-${by.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 40) || "review"}.review.yaml`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml(by, role)], { type: "application/yaml" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    status.textContent = `Saved as ${name} where your browser puts downloads. Send it to whoever asked you.`;
  });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  tell();
})();
