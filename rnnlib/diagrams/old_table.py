from .lettering import clip, share, signed


def table(trace):
    head = ("", "start", *(clip(token, 130) for token in trace.tokens))
    units = [(f"unit {k + 1}", *map(signed, trace.h[:, k])) for k in range(trace.H)]
    names = [clip(name, 130) for name in trace.classes]
    logits = [(f"output {name}", "", *map(signed, trace.logits[:, k])) for k, name in enumerate(names)]
    odds = [(f"probability of {n}", "", *map(share, trace.probabilities[:, k])) for k, n in enumerate(names)]
    return (head, *units, *logits, *odds)
