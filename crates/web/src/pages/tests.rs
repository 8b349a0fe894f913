use std::path::PathBuf;

use super::samples::{HOSTILE, pages};
use crate::assets;

#[test]
fn every_room_renders_with_its_sample() {
    for (name, html) in pages(None) {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(!html.contains("style=") && !html.contains("onclick"), "{name}: inline style or script");
        assert_eq!(html.matches("<script").count(), 1, "{name}: the one script, by address");
    }
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    for (name, html) in pages(None) {
        let ids: Vec<&str> = values(&html, " id=\"");
        for (at, id) in ids.iter().enumerate() {
            assert!(!ids[..at].contains(id), "{name}: {id} twice");
        }
        for attribute in [" for=\"", " popovertarget=\"", " aria-labelledby=\"", " aria-describedby=\"", " data-copy=\""] {
            for target in values(&html, attribute) {
                assert!(ids.contains(&target), "{name}:{attribute}{target}");
            }
        }
    }
}

#[test]
fn enter_in_a_dialog_presses_its_primary_button() {
    for (name, html) in pages(None) {
        for form in html.split("class=\"dialog\"").skip(1).flat_map(|dialog| dialog.split("<form").skip(1)) {
            let form = form.split("</form>").next().unwrap_or_default();
            if !form.contains("method=\"post\"") {
                // The palette's search, after the last dialog.
                continue;
            }
            let mut buttons = form.split("<button").skip(1).filter_map(|button| button.split('>').next());
            let first = buttons.find(|button| !button.contains("type=\"button\""));
            assert!(first.is_some_and(|button| button.contains("primary")), "{name}: {first:?}");
        }
    }
}

#[test]
fn hostile_texts_come_out_as_text_in_every_room() {
    let tags = |html: &str| html.matches('<').count();
    let friendly = pages(None);
    for text in HOSTILE {
        for ((name, html), (_, plain)) in pages(Some(text)).iter().zip(&friendly) {
            assert_eq!(html.matches("<script").count(), 1, "{name}: {text}");
            assert!(!html.contains("<img") && !html.contains("<svg/"), "{name}: {text}");
            // A text that is there where the friendly sample has none adds its own element, never more than the page has.
            assert!(tags(html) < tags(plain) + 40, "{name}: {text}");
            assert!(!html.contains("alert(1)</script>"), "{name}: {text}");
        }
    }
}

#[test]
fn post_forms_stay_on_this_host() {
    for (name, html) in pages(None) {
        for action in values(&html, " action=\"") {
            assert!(action.starts_with('/') && !action.starts_with("//"), "{name}: {action}");
        }
    }
}

/// Writes the samples and the assets for a look in a browser: `WATCHFIRE_SAMPLES=dir cargo test -p watchfire-web samples_are_written`.
#[test]
fn samples_are_written_where_asked() {
    let Some(folder) = std::env::var_os("WATCHFIRE_SAMPLES").map(PathBuf::from) else { return };
    for (form, hostile) in [("", None), ("hostile-", HOSTILE.get(5).copied())] {
        for (name, html) in pages(hostile) {
            let file = folder.join(format!("{form}{name}.html"));
            std::fs::write(&file, html).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        }
    }
    for asset in assets::all() {
        let file = folder.join(assets::address(asset.name).trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().expect("below the folder")).expect("made");
        std::fs::write(file, &asset.text).expect("written");
    }
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
