using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Filters;

/// <summary>Collects the parameters of a list, and refuses the first that is wrong.</summary>
internal sealed class FilterBuilder
{
    private readonly ImmutableArray<FieldCondition>.Builder _conditions = ImmutableArray.CreateBuilder<FieldCondition>();
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private ImmutableArray<string> _without = [];
    private string? _match;
    private ImmutableArray<FilterField> _matched = [.. FilterFields.Matched];
    private bool _isTemporary;
    private MediaOrder _order = MediaOrder.Newest;
    private int _limit = MediaQuery.DefaultLimit;
    private string? _cursor;
    private int? _offset;

    /// <summary>Adds a parameter.</summary>
    /// <param name="name">A field, or another parameter such as <c>order</c>.</param>
    /// <param name="operation">The operator's name; <see langword="null"/> for equality, or for a parameter that is not a field.</param>
    /// <param name="input">The value.</param>
    /// <returns>The error; <see langword="null"/> when there is none.</returns>
    public FilterError? Add(string name, string? operation, FilterInput input)
    {
        var isField = FilterFields.TryFind(name, out var field);
        var isEqual = isField && operation == "eq";
        if (!_given.Add(isEqual || operation is null ? name : $"{name}.{operation}"))
        {
            return FilterError.Repeated(name);
        }

        return isField ? AddCondition(field!, operation ?? "eq", input) : AddParameter(name, operation, input);
    }

    /// <summary>Gets the request.</summary>
    public FilterResult Build()
    {
        if (_match is null && _given.Contains("multi.in"))
        {
            return new(FilterError.InvalidValue("multi.in", "", "a text in multi as well"));
        }

        if (_offset is not null && _cursor is not null)
        {
            return new(FilterError.OffsetWithCursor());
        }

        if (_offset + _limit > MediaQuery.MaxOffset)
        {
            return new(FilterError.OffsetTooLarge(MediaQuery.MaxOffset));
        }

        var filter = new MediaFilter
        {
            Conditions = _conditions.ToImmutable(),
            Without = _without,
            Match = _match is null ? null : new(_match, _matched),
            IsTemporary = _isTemporary,
            Order = _order,
        };
        return new(new FilterRequest(filter, _limit, _cursor, _offset));
    }

    private FilterError? AddCondition(FilterField field, string operation, FilterInput input)
    {
        if (!FilterFields.TryParseOperator(operation, out var one) || !field.Operators.HasFlag(one))
        {
            return FilterError.InvalidOperator(field.Name, operation, field.Operators);
        }

        if (_conditions.Count == MediaFilter.MaxConditions)
        {
            return FilterError.TooMany(field.Name, MediaFilter.MaxConditions, "conditions in one filter");
        }

        if (_conditions.Count(condition => condition.Field == field) == MediaFilter.MaxOperatorsOfField)
        {
            return FilterError.TooMany(field.Name, MediaFilter.MaxOperatorsOfField, "operators of one field");
        }

        if (FilterValues.Read(field, one, input, out var expected) is not { } value)
        {
            return FilterError.InvalidValue(field.Name, input.Shown, expected);
        }

        _conditions.Add(new(field, one, value));
        return null;
    }

    private FilterError? AddParameter(string name, string? operation, FilterInput input)
    {
        if (operation is not null && (name, operation) is not ("multi", "in"))
        {
            return name is "without" or "multi" or "temp" or "order" or "limit" or "cursor" or "offset"
                ? FilterError.InvalidOperator(name, operation, FilterOperators.None)
                : FilterError.UnknownField(name);
        }

        string expected;
        bool isValid;
        switch (operation is null ? name : $"{name}.{operation}")
        {
            case "without":
                var without = FilterValues.ReadTerms(input, normalize: true, out expected);
                isValid = without is not null;
                _without = without ?? [];
                break;
            case "multi":
                isValid = (_match = FilterValues.ReadMatch(input, out expected)) is not null;
                break;
            case "multi.in":
                expected = $"one or more of {string.Join(", ", FilterFields.Matched.Select(field => field.Name))}";
                var names = input.List ?? [];
                _matched = [.. FilterFields.Matched.Where(field => names.Contains(field.Name, StringComparer.Ordinal))];
                isValid = names.Count > 0 && _matched.Length == names.Count;
                break;
            case "temp":
                expected = "true or false";
                isValid = input.Flag is not null;
                _isTemporary = input.Flag ?? false;
                break;
            case "order":
                expected = MediaOrder.Choices;
                isValid = input.Text is { } text && MediaOrder.TryParse(text, out _order!);
                break;
            case "limit":
                expected = $"a whole number from 1 to {MediaQuery.MaxLimit}";
                isValid = input.Number is >= 1 and <= MediaQuery.MaxLimit;
                _limit = (int)(isValid ? input.Number!.Value : 1);
                break;
            case "offset":
                expected = $"a whole number from 0 to {MediaQuery.MaxOffset}";
                isValid = input.Number is >= 0 and <= MediaQuery.MaxOffset;
                _offset = (int)(isValid ? input.Number!.Value : 0);
                break;
            case "cursor":
                expected = "the cursor of the page before";
                isValid = input.Text is { Length: > 0 };
                _cursor = input.Text;
                break;
            default:
                return FilterError.UnknownField(name);
        }

        return isValid ? null : FilterError.InvalidValue(name, input.Shown, expected);
    }
}
