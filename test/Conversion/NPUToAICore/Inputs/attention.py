def attention(q, k, v, shape, inside=False, mask=None):
    """Attention of batch, heads, heads of keys, queries, keys, columns and columns of values, as a list."""
    batch, heads, key_heads, queries, keys, columns, width = shape
    at = lambda b, head, row, all_heads, rows: (b * rows + row) * all_heads + head if inside else (b * all_heads + head) * rows + row
    result = [0.0] * (batch * heads * queries * width)
    for b in range(batch):
        for n in range(heads):
            shared = n // (heads // key_heads)
            rows = [at(b, shared, s, key_heads, keys) for s in range(keys)]
            key_rows = [k[r * columns:(r + 1) * columns] for r in rows]
            value_columns = list(zip(*[v[r * width:(r + 1) * width] for r in rows]))
            for m in range(queries):
                place = at(b, n, m, heads, queries)
                query = q[place * columns:(place + 1) * columns]
                scores = [0.25 * sum(x * y for x, y in zip(query, row)) for row in key_rows]
                if mask:
                    scores = [x + mask(b, s, m) for s, x in enumerate(scores)]
                highest = max(scores)
                weights = [math.exp(x - highest) for x in scores]
                total = sum(weights)
                result[place * width:(place + 1) * width] = [sum(w * x for w, x in zip(weights, column)) / total
                                                             for column in value_columns]
    return result
