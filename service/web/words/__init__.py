"""How pages speak: texts in the reader's language, moments and sizes, why something was refused."""
