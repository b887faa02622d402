"""The colours of charts: those of Okabe and Ito for marks alone, words are near-black."""

BLACK, GREY, LIGHT, FIELD = "#1a1a1a", "#767676", "#e4e4e4", "#ececec"
BLUE, ORANGE, VERMILLION, GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"
