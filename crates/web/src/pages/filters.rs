//! What templates write often: symbols, severities, phases, times. Each renders its own small escaped template.

use askama::filters::Safe;
use askama::{Result, Template, Values};
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::Phase;

use super::{names, words};
use crate::assets;

/// A symbol of the sprite beside a word.
#[askama::filter_fn]
pub(crate) fn icon(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Symbol { sprite: assets::address("icons.svg"), name }.render().map(Safe)
}

/// A symbol that stands alone and so carries its name.
#[askama::filter_fn]
pub(crate) fn named_icon(name: &str, _: &dyn Values, label: &str) -> Result<Safe<String>> {
    NamedSymbol { sprite: assets::address("icons.svg"), name, label }.render().map(Safe)
}

/// The address of a file of the console.
#[askama::filter_fn]
pub(crate) fn asset(name: &str, _: &dyn Values) -> Result<&'static str> {
    Ok(assets::address(name))
}

/// A severity as its badge; unknown is `SEV?` in full ink, because unknown is not low.
#[askama::filter_fn]
pub(crate) fn sev(severity: &Option<Severity>, _: &dyn Values) -> Result<Safe<String>> {
    badge(*severity)
}

/// A severity that is known, as its badge.
#[askama::filter_fn]
pub(crate) fn level(severity: &Severity, _: &dyn Values) -> Result<Safe<String>> {
    badge(Some(*severity))
}

/// A phase as its profile of eight ticks and its word; what was set aside has the word alone.
#[askama::filter_fn]
pub(crate) fn phase(phase: &Phase, _: &dyn Values) -> Result<Safe<String>> {
    Profile { ticks: ticks(*phase), word: title(phase.as_str()) }.render().map(Safe)
}

/// A word with a capital.
#[askama::filter_fn]
pub(crate) fn capital(word: &str, _: &dyn Values) -> Result<String> {
    Ok(title(word))
}

/// How long ago: `6 min`, kept true by the script.
#[askama::filter_fn]
pub(crate) fn ago(at: &Timestamp, _: &dyn Values, now: &Timestamp) -> Result<Safe<String>> {
    When { at: *at, words: words::ago(*now, *at), form: "ago" }.render().map(Safe)
}

/// An age with two units: `2 h 11 min`.
#[askama::filter_fn]
pub(crate) fn age(at: &Timestamp, _: &dyn Values, now: &Timestamp) -> Result<Safe<String>> {
    When { at: *at, words: words::age(*now, *at), form: "age" }.render().map(Safe)
}

/// A countdown: `04:12`, ticked by the script.
#[askama::filter_fn]
pub(crate) fn left(at: &Timestamp, _: &dyn Values, now: &Timestamp) -> Result<Safe<String>> {
    When { at: *at, words: words::countdown(*now, *at), form: "left" }.render().map(Safe)
}

/// A time of day to the second: `02:04:10`.
#[askama::filter_fn]
pub(crate) fn second(at: &Timestamp, _: &dyn Values) -> Result<Safe<String>> {
    When { at: *at, words: words::second(*at), form: "" }.render().map(Safe)
}

/// A time of day to the minute where the zone stands elsewhere: `02:04`.
#[askama::filter_fn]
pub(crate) fn hour(at: &Timestamp, _: &dyn Values) -> Result<Safe<String>> {
    When { at: *at, words: words::minute(*at), form: "" }.render().map(Safe)
}

/// A day and minute: `12 Mar 2026 02:04`.
#[askama::filter_fn]
pub(crate) fn stamp(at: &Timestamp, _: &dyn Values) -> Result<Safe<String>> {
    When { at: *at, words: words::stamp(*at), form: "" }.render().map(Safe)
}

/// A person by their name where the reader may know it, with the login in the title.
#[askama::filter_fn]
pub(crate) fn who(login: &str, _: &dyn Values) -> Result<Safe<String>> {
    Person { short: &names::person(login), login }.render().map(Safe)
}

/// A number with thousands commas.
#[askama::filter_fn]
pub(crate) fn count(number: &i64, _: &dyn Values) -> Result<String> {
    Ok(words::count(*number))
}

/// Text in an address: percent-encoded for a path segment or a query value.
#[askama::filter_fn]
pub(crate) fn part(text: &str, _: &dyn Values) -> Result<String> {
    Ok(super::query::encode(text))
}

/// Returns a word with a capital.
pub(crate) fn title(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns a role's title for people.
pub(crate) fn role(word: &str) -> String {
    if word == "seoc" { "Security on call".to_owned() } else { title(&word.replace('_', " ")) }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="{{ sprite }}#i-{{ name }}"/></svg>"##
)]
struct Symbol<'a> {
    sprite: &'a str,
    name: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<svg class="i" viewBox="0 0 16 16" role="img" aria-label="{{ label }}"><use href="{{ sprite }}#i-{{ name }}"/></svg>"##
)]
struct NamedSymbol<'a> {
    sprite: &'a str,
    name: &'a str,
    label: &'a str,
}

fn badge(severity: Option<Severity>) -> Result<Safe<String>> {
    let form = match severity {
        None => "x",
        Some(Severity::Sev1) => "1",
        Some(Severity::Sev2) => "2",
        Some(Severity::Sev3) => "3",
        Some(Severity::Sev4) => "4",
        Some(Severity::Sev5) => "5",
    };
    let label = super::scheme::label(severity);
    Badge { form, label }.render().map(Safe)
}

#[derive(Template)]
#[template(ext = "html", source = r#"<span class="sev sev-{{ form }}">{{ label }}</span>"#)]
struct Badge<'a> {
    form: &'a str,
    label: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="phase">{% if !ticks.is_empty() %}<svg viewBox="0 0 46 10" aria-hidden="true">{% for tick in ticks %}<rect{% if !tick.class.is_empty() %} class="{{ tick.class }}"{% endif %} x="{{ tick.x }}" y="{{ tick.y }}" width="4" height="{{ 10 - tick.y }}"/>{% endfor %}</svg>{% endif %}{{ word }}</span>"#
)]
struct Profile {
    ticks: Vec<Tick>,
    word: String,
}

struct Tick {
    class: &'static str,
    x: usize,
    y: usize,
}

fn ticks(present: Phase) -> Vec<Tick> {
    if present > Phase::Closed {
        return Vec::new();
    }
    let tick = |(at, phase): (usize, Phase)| {
        let (class, y) = match phase.cmp(&present) {
            std::cmp::Ordering::Less => ("was", 4),
            std::cmp::Ordering::Equal => ("now", 0),
            std::cmp::Ordering::Greater => ("", 8),
        };
        Tick { class, x: at * 6, y }
    };
    Phase::LINE.into_iter().enumerate().map(tick).collect()
}

#[derive(Template)]
#[template(ext = "html", source = r#"<span class="who-cell" title="{{ login }}">{{ short }}</span>"#)]
struct Person<'a> {
    short: &'a str,
    login: &'a str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ at }}" title="{{ crate::pages::words::full(at) }}"{% if !form.is_empty() %} data-t="{{ form }}"{% endif %}>{{ words }}</time>"#
)]
struct When {
    at: Timestamp,
    words: String,
    form: &'static str,
}
