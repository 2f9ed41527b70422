//! The ratios as a picture for a README: a panel for each workload, a bar for each contender.

use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Style, Text, Title};

use crate::results::{Results, Standing};
use crate::suite::{CONTENDERS, Contender, REFERENCE, Workload};

const WIDTH: f64 = 900.0;
const MARGIN: f64 = 24.0;
const COLUMNS: usize = 2;
const GAP: f64 = 36.0;
const PANEL: f64 = (WIDTH - 2.0 * MARGIN - GAP) / COLUMNS as f64;

/// Within a panel: the names, then the bars, then the figures.
const NAMES: f64 = 150.0;
const FIGURES: f64 = 44.0;
const BARS: f64 = PANEL - NAMES - FIGURES;
/// The ratio at the end of that space; of a longer bar the end is cut off.
const MOST: f64 = 2.5;

const TOP: f64 = 84.0;
const HEADING: f64 = 24.0;
const ROW: f64 = 18.0;
const BAR: f64 = 11.0;
const BELOW_PANEL: f64 = 22.0;

/// A picture in a page does not see the colours of that page, only what the reader prefers: it brings its own background.
const STYLE: &str = "
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #1f2328; }
.page { fill: #ffffff; stroke: #d0d7de; }
.title { font-size: 17px; font-weight: 600; }
.heading { font-size: 13px; font-weight: 600; }
.quiet { fill: #59636e; }
.right { text-anchor: end; }
.ours { font-weight: 600; }
.grid { stroke: #e4e8ec; }
.reference { stroke: #cf222e; stroke-width: 1.5; }
.spread { stroke: #1f2328; stroke-opacity: 0.55; }
.cut { stroke: #ffffff; stroke-width: 2.5; }
rect.bar { fill: #9aa5b1; }
rect.bar.ours { fill: #1f6feb; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.page { fill: #0d1117; stroke: #30363d; }
.quiet { fill: #9198a1; }
.grid { stroke: #21262d; }
.reference { stroke: #f85149; }
.spread { stroke: #e6edf3; }
.cut { stroke: #0d1117; }
rect.bar { fill: #5d6875; }
rect.bar.ours { fill: #388bfd; }
}
";

pub fn draw(results: &Results) -> String {
    let mut panels = Group::new();
    let mut bottoms = [TOP; COLUMNS];
    for (workload, description) in results.workloads() {
        let column = (0..COLUMNS).min_by(|a, b| bottoms[*a].total_cmp(&bottoms[*b])).unwrap_or(0);
        let left = MARGIN + column as f64 * (PANEL + GAP);
        let (panel, height) = panel(results, workload, description);
        panels = panels.add(panel.set("transform", format!("translate({left} {})", bottoms[column])));
        bottoms[column] += height + BELOW_PANEL;
    }
    let height = bottoms.into_iter().fold(TOP, f64::max);
    let reference = CONTENDERS[REFERENCE].name;
    let title = format!("ZeroMQ libraries beside the blocking calls of the {reference} crate");
    let page = Rectangle::new().set("x", 0.5).set("y", 0.5).set("width", WIDTH - 1.0).set("height", height - 1.0);
    let explanation = [
        format!(
            "The red line is {reference} itself, whose own figure is at the right of each heading. A longer bar is faster: more messages"
        ),
        "a second, or a shorter round trip. Bars are medians of ratios; thin lines go from the least to the most."
            .to_owned(),
    ];
    let mut document = Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("role", "img")
        .add(Title::new(&title))
        .add(Style::new(STYLE))
        .add(page.set("rx", 8).set("class", "page"))
        .add(text(title, MARGIN, 32.0, "title"));
    for (number, line) in explanation.into_iter().enumerate() {
        document = document.add(text(line, MARGIN, 52.0 + 16.0 * number as f64, "quiet"));
    }
    document.add(panels).to_string()
}

/// A panel at the origin, and its height.
fn panel(results: &Results, workload: usize, description: &Workload) -> (Group, f64) {
    let standings = results.contenders().filter(|(number, _)| *number != REFERENCE);
    let standings: Vec<_> = standings
        .map(|(number, contender)| (contender, results.standing(workload, number)))
        .filter(|(_, standing)| !matches!(standing, Standing::Missing))
        .collect();
    let height = HEADING + standings.len() as f64 * ROW;
    let figure = results.figure(workload, REFERENCE);
    let mut panel =
        Group::new().add(text(description.name, 0.0, 12.0, "heading")).add(text(figure, PANEL, 12.0, "quiet right"));
    for whole in 0..=MOST as u32 {
        panel = panel.add(upright(along(f64::from(whole)), height, "grid"));
    }
    for (row, (contender, standing)) in standings.into_iter().enumerate() {
        let middle = HEADING + (row as f64 + 0.5) * ROW;
        panel = panel.add(bar(contender, &standing).set("transform", format!("translate(0 {middle})")));
    }
    (panel.add(upright(along(1.0), height, "reference")), height)
}

/// A row whose middle is at the origin's height.
fn bar(contender: &Contender, standing: &Standing) -> Group {
    let ours = if contender.ours { "ours" } else { "" };
    let row = Group::new().add(text(contender.name, NAMES - 8.0, 4.0, &format!("right {ours}")));
    let Standing::Ratio { median, least, most } = *standing else {
        return row.add(text(standing.to_string(), NAMES + 6.0, 4.0, "quiet"));
    };
    let end = along(median);
    let bar = Rectangle::new().set("x", NAMES).set("y", -BAR / 2.0).set("width", end - NAMES).set("height", BAR);
    let spread = Line::new().set("x1", along(least)).set("x2", along(most)).set("y1", 0).set("y2", 0);
    let row = row.add(bar.set("class", format!("bar {ours}"))).add(spread.set("class", "spread"));
    let row = if median > MOST { row.add(cut()) } else { row };
    row.add(text(standing.to_string(), PANEL, 4.0, &format!("right {ours}")))
}

/// Two gaps near the end of a bar that would go on.
fn cut() -> Group {
    let slash = |x: f64| {
        let line = Line::new().set("x1", x - 2.0).set("x2", x + 2.0).set("y1", BAR / 2.0).set("y2", -BAR / 2.0);
        line.set("class", "cut")
    };
    Group::new().add(slash(along(MOST) - 16.0)).add(slash(along(MOST) - 10.0))
}

/// Where a ratio is.
fn along(ratio: f64) -> f64 {
    NAMES + BARS * ratio.min(MOST) / MOST
}

fn upright(x: f64, height: f64, class: &str) -> Line {
    Line::new().set("x1", x).set("x2", x).set("y1", HEADING - 2.0).set("y2", height + 2.0).set("class", class)
}

fn text(content: impl Into<String>, x: f64, y: f64, class: &str) -> Text {
    Text::new(content).set("x", x).set("y", y).set("class", class)
}
