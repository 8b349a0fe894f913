//! Who may do and see what, over every operation of the API and everything that can be observed.

mod cells;
mod command_line;
mod crawl;
mod day;
mod forms;
mod house;
mod interference;
mod matrix;
mod object;
mod operations;
mod streams;
mod table;

/// Tells whether the long comparisons were asked for. They are not green yet (docs/requirements.md), so that they are left
/// out, and named, unless `WATCHFIRE_TEST_RIGHTS` is set.
fn is_wanted(what: &str) -> bool {
    let wanted = std::env::var_os("WATCHFIRE_TEST_RIGHTS").is_some();
    if !wanted {
        watchfire_testkit::left_out(&format!("{what} (WATCHFIRE_TEST_RIGHTS is not set)"));
    }
    wanted
}
