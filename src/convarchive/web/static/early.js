// Before anything is drawn: say that scripts run, so that the style sheet can prefer their controls.
document.documentElement.classList.add("js");
