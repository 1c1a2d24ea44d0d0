using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Policies;

/// <summary>The comparison of a condition.</summary>
/// <param name="Name">The name in policies.</param>
/// <param name="IsNegated">A value indicating whether no value may match.</param>
/// <param name="Accepts">Determines whether a value of a policy is valid for it.</param>
/// <param name="Matches">Determines whether a value of a policy, first, matches that of the request, and pays for it.</param>
internal sealed record PolicyOperator(
    string Name, bool IsNegated, Func<string, bool> Accepts, Func<string, string, PolicyBudget, bool> Matches)
{
    private const string NullName = "Null";

    private static readonly FrozenDictionary<string, PolicyOperator> s_all = All().ToFrozenDictionary(known => known.Name);

    /// <summary>Gets a value indicating whether it only tests the presence of the key.</summary>
    public bool IsNull => Name == NullName;

    public static PolicyOperator? Find(string name) => s_all.GetValueOrDefault(name);

    private static IEnumerable<PolicyOperator> All()
    {
        foreach (var (name, isNegated) in new[] { ("StringEquals", false), ("StringNotEquals", true) })
        {
            yield return new(name, isNegated, _ => true, Paid(string.Equals));
            yield return new($"{name}IgnoreCase", isNegated, _ => true, Paid(EqualIgnoringCase));
        }

        yield return new("StringLike", false, _ => true, (value, actual, budget) => PolicyPattern.Matches(value, actual, budget));
        yield return new("StringNotLike", true, _ => true, (value, actual, budget) => PolicyPattern.Matches(value, actual, budget));
        yield return new("IpAddress", false, IsNetwork, Paid(IsIn));
        yield return new("NotIpAddress", true, IsNetwork, Paid(IsIn));
        yield return new("Bool", false, IsBool, Paid(EqualIgnoringCase));
        yield return new(NullName, false, IsBool, (_, _, _) => false);

        foreach (var (suffix, isNegated, holds) in Comparisons())
        {
            yield return new($"Numeric{suffix}", isNegated, text => Number(text) is not null, Paid(Compared(Number, holds)));
            yield return new($"Date{suffix}", isNegated, text => Date(text) is not null, Paid(Compared(Date, holds)));
        }
    }

    private static IEnumerable<(string Suffix, bool IsNegated, Func<int, bool> Holds)> Comparisons() =>
    [
        ("Equals", false, order => order == 0),
        ("NotEquals", true, order => order == 0),
        ("LessThan", false, order => order < 0),
        ("LessThanEquals", false, order => order <= 0),
        ("GreaterThan", false, order => order > 0),
        ("GreaterThanEquals", false, order => order >= 0),
    ];

    private static bool EqualIgnoringCase(string value, string actual) => value.Equals(actual, StringComparison.OrdinalIgnoreCase);

    private static Func<string, string, PolicyBudget, bool> Paid(Func<string, string, bool> matches) => (value, actual, budget) =>
    {
        budget.Spend(value.Length + actual.Length + 1);
        return matches(value, actual);
    };

    // The value of the request is the left operand.
    private static Func<string, string, bool> Compared<T>(Func<string, T?> parse, Func<int, bool> holds)
        where T : struct, IComparable<T> =>
        (value, actual) => parse(actual) is { } left && parse(value) is { } right && holds(left.CompareTo(right));

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Date(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static bool IsBool(string text) => bool.TryParse(text, out _);

    private static bool IsNetwork(string text) => PolicyNetwork.Parse(text) is not null;

    private static bool IsIn(string network, string actual) =>
        IPAddress.TryParse(actual, out var address) && PolicyNetwork.Parse(network) is { } known && known.Contains(address);
}
