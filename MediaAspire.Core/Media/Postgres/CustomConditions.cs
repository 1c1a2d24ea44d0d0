using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Writes the conditions on applications' fields as SQL.</summary>
internal static class CustomConditions
{
    /// <param name="condition">The condition.</param>
    /// <param name="column">The column with the fields.</param>
    /// <param name="parameters">The statement's parameters.</param>
    public static string Of(FieldCondition condition, string column, SearchParameters parameters)
    {
        var name = condition.Field.Name;
        switch (condition.Operator)
        {
            case FilterOperators.Eq:
                return $"({Equal(name, (CustomOperand)condition.Value, column, parameters)})";
            case FilterOperators.Ne:
                return $"NOT ({Equal(name, (CustomOperand)condition.Value, column, parameters)})";
            case FilterOperators.Exists or FilterOperators.IsEmpty:
                var text = $"coalesce({column} ->> {parameters.Add(name)}, '')";
                return $"{text} {(SearchConditions.IsPresent(condition.Operator, condition.Value) ? "<>" : "=")} ''";
            default:
                return Compared(name, condition.Operator, (CustomOperand)condition.Value, column, parameters);
        }
    }

    // By containment, which the index finds.
    private static string Equal(string name, CustomOperand operand, string column, SearchParameters parameters)
    {
        var values = new List<CustomValue>();
        if (operand.Text is { } text)
        {
            values.Add(CustomValue.Of(text));
        }

        if (operand.Number is { } number)
        {
            values.Add(CustomValue.Of(number));
        }

        var contains = values.Select(value =>
            $"{column} @> {parameters.AddJson(CustomJson.Format(CustomValue.None.Add(name, value)))}");
        return $"{column} <> '{{}}' AND ({string.Join(" OR ", contains)})";
    }

    // A number is compared with numbers and a text with texts. CASE keeps PostgreSQL from converting a text to a number.
    private static string Compared(
        string name, FilterOperators one, CustomOperand operand, string column, SearchParameters parameters)
    {
        var key = parameters.Add(name);
        var (type, value) = operand.Number is { } number
            ? ("number", $"({column} ->> {key})::float8 {SearchConditions.Symbol(one)} {parameters.Add(number)}")
            : ("string", $"({column} ->> {key}) COLLATE \"C\" {SearchConditions.Symbol(one)} {parameters.Add(operand.Text!)}");
        return $"CASE WHEN jsonb_typeof({column} -> {key}) = '{type}' THEN {value} ELSE false END";
    }
}
