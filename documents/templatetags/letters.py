"""Template filters of the letters; the work is done in `documents.exports.german`."""

from django import template

from documents.exports import german

register = template.Library()
register.filter("amount", german.write_amount)
register.filter("euro", german.write_euro)
register.filter("signed_amount", german.write_signed_amount)
register.filter("day", german.write_day)
register.filter("month", german.write_month)
register.filter("percent", german.write_percent)
register.filter("decimal", german.write_decimal)
register.filter("share_of", german.write_share)
register.filter("number", german.write_number)
register.filter("iban", german.write_iban)
register.filter("persons", german.write_persons)
