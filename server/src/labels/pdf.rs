//! Sheets as PDF: one vector path a symbol with every edge on a printer dot, never an image, and the
//! text beside it in the Chinese font of the system, embedded as the few glyphs used.

use super::font::LabelFont;
use super::sheet::{Layout, Plan, Sheet};
use super::symbol::Symbol;
use crate::error::ApiError;
use dianma_schema::label::LabelKind;
use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::TextDirection;

/// Points in an inch.
const POINTS: f32 = 72.0;

/// A label ready to draw.
#[derive(Clone, Debug)]
pub struct Printable {
    /// What the symbol says.
    pub text: String,
    /// What it is stuck on.
    pub kind: LabelKind,
    /// Number for people.
    pub number: String,
    /// Where: station and transformer area.
    pub place: String,
    /// Edition and day.
    pub edition: String,
}

/// Draws labels onto sheets.
pub fn draw(
    labels: &[Printable],
    sheet: &Sheet,
    dpi: u32,
    font: &LabelFont,
) -> Result<Vec<u8>, ApiError> {
    let mut document = Document::new();
    let per_page = sheet.per_page().max(1) as usize;
    for page_labels in labels.chunks(per_page) {
        let (width, height) = sheet.page_dots(dpi);
        let scale = Scale { dpi };
        let settings = PageSettings::from_wh(scale.points(width), scale.points(height))
            .ok_or_else(ApiError::internal)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for (n, label) in (0..).zip(page_labels) {
            let symbol = Symbol::encode(&label.text)?;
            let plan = sheet.plan(symbol.size(), dpi)?;
            let corner = sheet.corner(n, dpi);
            draw_symbol(&mut surface, &symbol, &plan, corner)?;
            draw_text(&mut surface, label, sheet.layout, &plan, corner, font);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| {
        tracing::error!(error = ?error, "a label sheet could not be written");
        ApiError::internal()
    })
}

struct Scale {
    dpi: u32,
}

impl Scale {
    /// Dots to points.
    #[expect(clippy::cast_precision_loss, reason = "a page has a few thousand dots")]
    fn points(&self, dots: u32) -> f32 {
        dots as f32 * POINTS / self.dpi as f32
    }
}

fn draw_symbol(
    surface: &mut Surface<'_>,
    symbol: &Symbol,
    plan: &Plan,
    (left, top): (u32, u32),
) -> Result<(), ApiError> {
    let scale = Scale { dpi: plan.dpi };
    let module = scale.points(plan.module);
    // One module is one unit: the path holds small whole numbers, the transform the printer's dots.
    let mut path = PathBuilder::new();
    for rect in symbol.rects() {
        let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
        let rect = Rect::from_ltrb(units(rect.x), units(rect.y), units(right), units(bottom));
        path.push_rect(rect.ok_or_else(ApiError::internal)?);
    }
    let path = path.finish().ok_or_else(ApiError::internal)?;
    let (x, y) = (
        scale.points(left + plan.symbol_x),
        scale.points(top + plan.symbol_y),
    );
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, x, y));
    surface.draw_path(&path);
    surface.pop();
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a symbol has 177 modules at most"
)]
const fn units(modules: u32) -> f32 {
    modules as f32
}

/// Lines of a label: how tall each is in points, and what it says.
fn lines(label: &Printable, layout: Layout) -> Vec<(f32, String)> {
    let number = (9.0, label.number.clone());
    match layout {
        Layout::Below => vec![
            number,
            (6.0, format!("{} {}", label.kind.zh(), label.edition)),
        ],
        Layout::Beside => vec![
            (8.0, label.kind.zh().to_owned()),
            number,
            (6.5, label.place.clone()),
            (6.0, label.edition.clone()),
            (6.0, "扫码核对，损坏请报修".to_owned()),
        ],
        Layout::Card => vec![
            (12.0, label.kind.zh().to_owned()),
            (12.0, label.number.clone()),
            (8.0, label.place.clone()),
            (7.0, label.edition.clone()),
            (7.0, "上门服务到达和完工时".to_owned()),
            (7.0, "请出示此码，勿转发他人".to_owned()),
        ],
    }
}

fn draw_text(
    surface: &mut Surface<'_>,
    label: &Printable,
    layout: Layout,
    plan: &Plan,
    (left, top): (u32, u32),
    font: &LabelFont,
) {
    let scale = Scale { dpi: plan.dpi };
    let x = scale.points(left + plan.text_x);
    let width = scale.points(plan.text_width);
    let mut y = scale.points(top + plan.text_y);
    for (size, text) in lines(label, layout) {
        let size = fitting(&text, size, width);
        y += size * 1.3;
        surface.draw_text(
            Point::from_xy(x, y),
            font.font.clone(),
            size,
            &text,
            false,
            TextDirection::LeftToRight,
        );
    }
}

/// Chinese characters are as wide as they are tall, others a little more than half: good enough to
/// keep a line on its label.
#[expect(
    clippy::cast_precision_loss,
    reason = "a line has a few dozen characters"
)]
fn fitting(text: &str, size: f32, width: f32) -> f32 {
    let narrow = text.chars().filter(char::is_ascii).count() as f32;
    let wide = text.chars().filter(|c| !c.is_ascii()).count() as f32;
    let needed = narrow.mul_add(0.6, wide) * size;
    if needed > width {
        size * width / needed
    } else {
        size
    }
}
