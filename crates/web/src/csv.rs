//! Tables for spreadsheets: CSV by RFC 4180, in which nothing runs.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use watchfire_core::Severity;
use watchfire_engine::SpanRow;

/// Answers with the spans of incidents, one line each, the newest first. There is neither title nor id in it.
pub(crate) fn figures(rows: &[SpanRow]) -> Response {
    let mut out = "detected_at,team,severity,class,to_detect_s,to_acknowledge_s,to_commander_s,to_resolve_s\r\n".to_owned();
    let number = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    for row in rows {
        let severity = row.severity.map_or("", Severity::as_str);
        let spans = &row.spans;
        out.push_str(&format!(
            "{},{},{severity},{},{},{},{},{}\r\n",
            row.detected_at,
            quoted(&row.team),
            row.class,
            number(spans.to_detect_s),
            number(spans.to_acknowledge_s),
            number(spans.to_commander_s),
            number(spans.to_resolve_s),
        ));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"watchfire-figures.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, out).into_response()
}

/// Quotes a cell so that a spreadsheet takes it for text: what begins like a formula does not run.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_text() {
        assert_eq!(quoted("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(quoted("platform"), "\"platform\"");
    }
}
