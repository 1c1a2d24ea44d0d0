using System.Text.Json;

namespace MediaAspire.Api.S3.Policies;

/// <summary>One condition: compares the value of a key in the request with the values of the policy.</summary>
/// <param name="Operator">The comparison.</param>
/// <param name="Key">The condition key.</param>
/// <param name="Values">The values, one of which must match; none of them where the operator is negated.</param>
/// <param name="IfExists">A value indicating whether a request without a value for the key meets the condition.</param>
internal sealed record PolicyCondition(PolicyOperator Operator, string Key, IReadOnlyList<string> Values, bool IfExists)
{
    private const string IfExistsSuffix = "IfExists";

    /// <summary>
    /// Gets a value indicating whether the condition restricts the senders: to owners, or to a range of addresses that is not huge.
    /// </summary>
    public bool PinsSender =>
        !IfExists && Operator.Name switch
        {
            "IpAddress" => Values.All(value => !PolicyNetwork.IsWide(PolicyNetwork.Parse(value)!.Value)),
            "StringEquals" or "StringEqualsIgnoreCase" => IsSender,
            "StringLike" => IsSender && !Values.Any(PolicyPattern.HasWildcard),
            _ => false,
        };

    private bool IsSender =>
        Key.Equals("aws:PrincipalAccount", StringComparison.OrdinalIgnoreCase)
        || Key.Equals("aws:userid", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the <c>Condition</c> of a statement.</summary>
    /// <exception cref="Protocol.S3Exception">An operator, key or value is not supported.</exception>
    public static IReadOnlyList<PolicyCondition> ReadAll(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw PolicyErrors.InvalidSyntax().ToException();
        }

        var conditions = new List<PolicyCondition>();
        foreach (var type in element.EnumerateObject())
        {
            if (type.Name.Contains(':', StringComparison.Ordinal))
            {
                throw PolicyErrors.NotImplemented("Set operators").ToException();
            }

            var ifExists = type.Name.EndsWith(IfExistsSuffix, StringComparison.Ordinal);
            var name = ifExists ? type.Name[..^IfExistsSuffix.Length] : type.Name;
            if (PolicyOperator.Find(name) is not { } found || (ifExists && found.IsNull) || type.Value.ValueKind != JsonValueKind.Object)
            {
                throw PolicyErrors.InvalidConditionType(type.Name).ToException();
            }

            conditions.AddRange(type.Value.EnumerateObject().Select(key => Read(found, key.Name, PolicyJson.Values(key.Value), ifExists)));
        }

        return conditions;
    }

    /// <summary>Refuses texts with policy variables, which are not supported: taken literally they would never match.</summary>
    /// <exception cref="Protocol.S3Exception">The text has a variable.</exception>
    public static void RefuseVariables(string text)
    {
        if (text.Contains("${", StringComparison.Ordinal))
        {
            throw PolicyErrors.NotImplemented("Variables").ToException();
        }
    }

    public bool Holds(PolicyQuestion question)
    {
        var actual = PolicyKeys.Value(Key, question);
        if (Operator.IsNull)
        {
            return Values.Any(value => bool.Parse(value) == actual is null);
        }

        if (actual is null)
        {
            return IfExists || Operator.IsNegated;
        }

        return Values.Any(value => Operator.Matches(value, actual, question.Request.PolicyBudget)) != Operator.IsNegated;
    }

    private static PolicyCondition Read(PolicyOperator found, string key, IReadOnlyList<string> values, bool ifExists)
    {
        if (!PolicyKeys.IsKnown(key))
        {
            throw PolicyErrors.InvalidConditionKey(key).ToException();
        }

        foreach (var value in values)
        {
            RefuseVariables(value);
            if (!found.Accepts(value))
            {
                throw PolicyErrors.InvalidConditionValue(value).ToException();
            }
        }

        return new(found, key, values, ifExists);
    }
}
