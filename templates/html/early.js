document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("factsheet-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be forbidden; the system's theme is used */ }
