"""The look that pictures, plots and widgets share: colours for light and dark, how numbers and words are written,
scales."""
