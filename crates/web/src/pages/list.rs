//! What every list has: facets and views as plain links, a place in the list, a footer.

use super::query::Query;

/// A link to another view of the list, with what it counts where that is known.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) on: bool,
    pub(crate) count: Option<i64>,
}

/// A group of choices, of which several may be on.
#[derive(Clone, Debug)]
pub(crate) struct Facet {
    pub(crate) legend: &'static str,
    pub(crate) choices: Vec<Choice>,
}

/// The end of a list: how many rows stand here and where the next ones are.
#[derive(Clone, Default, Debug)]
pub(crate) struct Pager {
    pub(crate) shown: usize,
    pub(crate) next: Option<String>,
    /// The beginning of the list, when this is not it.
    pub(crate) first: Option<String>,
}

impl Facet {
    /// Makes a facet of a list at `path`: each option is `(value, label, count)` and switches its value on or off.
    pub(crate) fn new(
        legend: &'static str,
        name: &str,
        path: &str,
        query: &Query,
        options: impl IntoIterator<Item = (String, String, Option<i64>)>,
    ) -> Self {
        let choice = |(value, label, count): (String, String, Option<i64>)| Choice {
            label,
            href: query.toggled(name, &value).href(path),
            on: query.has(name, &value),
            count,
        };
        Self { legend, choices: options.into_iter().map(choice).collect() }
    }

    /// Makes a facet of which one option may be on.
    pub(crate) fn one(
        legend: &'static str,
        name: &str,
        path: &str,
        query: &Query,
        options: impl IntoIterator<Item = (String, String, Option<i64>)>,
    ) -> Self {
        let choice = |(value, label, count): (String, String, Option<i64>)| {
            let on = query.get(name) == Some(value.as_str());
            Choice { label, href: query.with(name, (!on).then_some(value.as_str())).href(path), on, count }
        };
        Self { legend, choices: options.into_iter().map(choice).collect() }
    }

    /// Returns how many of the choices of some facets are on.
    pub(crate) fn on(facets: &[Self]) -> usize {
        facets.iter().flat_map(|facet| &facet.choices).filter(|choice| choice.on).count()
    }
}

impl Choice {
    /// Makes a view: a whole query with its own name, on when it is the present one.
    pub(crate) fn view(label: &str, path: &str, view: &Query, present: &Query) -> Self {
        Self { label: label.to_owned(), href: view.href(path), on: view == present, count: None }
    }
}

impl Pager {
    /// Makes the footer of a list whose next place is `next`.
    pub(crate) fn new(path: &str, query: &Query, shown: usize, next: Option<&str>) -> Self {
        Self {
            shown,
            next: next.map(|next| query.with("cursor", None).with("cursor", Some(next)).href(path)),
            first: query.get("cursor").map(|_| query.with("cursor", None).href(path)),
        }
    }
}
