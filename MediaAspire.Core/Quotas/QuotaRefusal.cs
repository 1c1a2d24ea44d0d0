using System.Globalization;
using Npgsql;

namespace MediaAspire.Core.Quotas;

/// <summary>The quota that a write would have exceeded.</summary>
/// <param name="Scope"><c>owner</c> or <c>bucket</c>.</param>
/// <param name="Name">The owner's id or the bucket's name.</param>
/// <param name="Unit"><c>bytes</c> or <c>objects</c>.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Used">The usage without the write.</param>
/// <param name="Needed">The amount that the write would have added.</param>
public sealed record QuotaRefusal(string Scope, string Name, string Unit, long Limit, long Used, long Needed)
{
    private const string SqlState = "MA003";

    /// <summary>Tells whether an exception says that a quota was exceeded, see <c>require_quota()</c>.</summary>
    internal static QuotaRefusal? From(PostgresException failure)
    {
        if (failure.SqlState != SqlState)
        {
            return null;
        }

        var figures = failure.Hint!.Split(' ').Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToList();
        return new(failure.TableName!, failure.ConstraintName!, failure.ColumnName!, figures[0], figures[1], figures[2]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"The quota of {Scope} '{Name}' is {Limit} {Unit}. {Used} are used, and this write needs {Needed} more.");
}
