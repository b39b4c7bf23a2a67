"""Export and import: everything staff have written, published and signed, as one zip between any two sites.

kinds says what is carried, values how a row becomes JSON and back, archive what the zip looks like; exporting, checking
and importing do the work. Enquiries are never part of it: nothing here imports admissions.
"""
