using System.Text.Json;

namespace MediaAspire.Api.S3.Policies;

/// <summary>One condition: a key whose value in the request is compared with those of the policy.</summary>
/// <param name="Operator">How it is compared.</param>
/// <param name="Key">What is asked of the request.</param>
/// <param name="Values">The values, one of which has to be met; none of them, where the operator is negated.</param>
/// <param name="IfExists">Whether a request that says nothing for the key meets the condition.</param>
internal sealed record PolicyCondition(PolicyOperator Operator, string Key, IReadOnlyList<string> Values, bool IfExists)
{
    private const string IfExistsSuffix = "IfExists";

    /// <summary>Gets whether the condition leaves only senders that somebody chose: those of an owner, or of addresses that are not half the world.</summary>
    public bool PinsSender =>
        !IfExists && Operator.Name switch
        {
            "IpAddress" => Values.All(value => !PolicyNetwork.IsWide(PolicyNetwork.Parse(value)!.Value)),
            "StringEquals" or "StringEqualsIgnoreCase" => IsSender,
            "StringLike" => IsSender && !Values.Any(PolicyPattern.HasWildcard),
            _ => false,
        };

    private bool IsSender =>
        Key.Equals("aws:PrincipalAccount", StringComparison.OrdinalIgnoreCase) || Key.Equals("aws:userid", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the <c>Condition</c> of a statement.</summary>
    /// <exception cref="Protocol.S3Exception">An operator, key or value is not known here.</exception>
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

    /// <summary>Refuses texts that depend on the request: there are no such variables here, and a literal one would never match.</summary>
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

        return Values.Any(value => Operator.Meets(value, actual)) != Operator.IsNegated;
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
