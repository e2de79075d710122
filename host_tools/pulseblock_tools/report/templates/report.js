"use strict";
// Tells the numbers behind a mark: under the pointer, or in a chart that has the focus by the arrow keys.
(() => {
  const tip = document.getElementById("tip");
  let marked = null;

  const marksOf = (plot) => [...plot.querySelectorAll("use, [data-tip]")];

  function words(mark) {
    if (mark.dataset.tip) return mark.dataset.tip;
    const plot = mark.ownerSVGElement;
    const table = document.getElementById(plot.dataset.table);
    const row = table.tBodies[0].rows[Number(plot.dataset.row) + marksOf(plot).indexOf(mark)];
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const told = heads.map((head, at) => {
      const [name, unit] = head.split(", ");
      return `${name} ${row.cells[at].textContent.trim()}${unit && unit !== "°" ? " " + unit : unit || ""}`;
    });
    return `${told.slice(0, 2).join(", ")}: ${row.cells[3].textContent.trim()}\n${told[2]} · ${told.slice(4).join(" · ")}`;
  }

  function show(mark, at) {
    if (marked) marked.classList.remove("now");
    marked = mark;
    mark.classList.add("now");
    tip.textContent = words(mark);
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const x = at ? at.clientX : box.left + box.width / 2;
    const y = at ? Math.min(at.clientY, box.top + box.height) : box.top;
    const left = Math.min(Math.max(8, x - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    const above = y - tip.offsetHeight - 14;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : Math.min(y + 18, innerHeight - tip.offsetHeight - 4)}px`;
  }

  function hide() {
    if (marked) marked.classList.remove("now");
    marked = null;
    tip.hidden = true;
  }

  addEventListener("pointerover", (event) => {
    const mark = event.target.closest && event.target.closest(".plot use, .plot [data-tip]");
    if (mark) show(mark, event);
    else if (!document.activeElement.closest(".plot")) hide();
  });
  const stay = () => {
    // who goes from mark to mark by keyboard keeps the place, though focus may have moved the page
    if (marked && document.activeElement === marked.ownerSVGElement) show(marked);
    else hide();
  };
  addEventListener("scroll", stay, { passive: true });
  addEventListener("focusout", hide);
  addEventListener("focusin", (event) => {
    if (event.target.matches(".plot:focus-visible")) show(marksOf(event.target)[0]);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const plot = document.activeElement.closest(".plot");
    if (!plot) return;
    const marks = marksOf(plot);
    const at = marks.indexOf(marked);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: marks.length - 1 };
    if (!(event.key in to) || !marks.length) return;
    event.preventDefault();
    show(marks[Math.min(Math.max(to[event.key], 0), marks.length - 1)]);
  });
})();
