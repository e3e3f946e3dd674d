"""Kept sets: the deeds, spans and sides of a site as columns, so that an evaluation parses no JSON.

::

    folder(site, edition)/manifest.json        what the set is of, and the sum of every file
    folder(site, edition)/base-…/deeds-0000.parquet …
    folder(site, edition)/fold-…/…             what came since, see ``fold``

A set is of one ledger, one edition, one mark of the ledger and one day. It can be thrown away at any time: it is made
anew from the ledger. See docs/reference/sets.md.
"""
