"""What a wearer trained, as one page to look at, to print and to send to their physiotherapist.

The page is one HTML file that needs nothing else.  Its charts are SVG, drawn here; a script of a few dozen
lines only shows the numbers behind a mark.  A charting library inside the file (Plotly's is 4.5 MB before
the first rep) would be most of what is sent, would draw nothing where scripts are off, as in many mail
programs, and prints what the screen happened to show.  Drawn here, every mark is in the document: it
prints, scales, follows the reader's colours and can be counted by a test.

Each chart has its table, and the table is the data: what the script tells of a rep it reads from there,
so nothing that a person typed ever gets into a script.  The page's own Content-Security-Policy forbids
every connection and every script but this one, by its hash.
"""
