"""What the figures of a sheet can be, and what they usually are: physical limits with their reasons and sources.

Fields name their range in their declaration. A limit is impossible to pass; what is usual is drawn wide, from the
extremes that have been published, so that only a slip of the unit, the exponent or the digits falls outside.
`docs/ranges.md` is made of this.
"""
