"""What a person does to the archive, the same from the command line, the API and the pages."""
