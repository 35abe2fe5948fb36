"use strict";
// Tells the page around this frame how high it would have to be.
new ResizeObserver(() => {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  parent.postMessage({ type: "convarchive:height", height }, "*");
}).observe(document.documentElement);
