using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Short names of SQL statements for spans: the operation and its table, such as <c>INSERT chunks</c>.</summary>
internal static partial class StatementName
{
    // Statements are constants; those composed at run time must not fill the memory.
    private const int MostKept = 1024;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Inserts = @"\b(?<verb>INSERT)\s+INTO\s+(?<table>\w+)";
    private const string Deletes = @"\b(?<verb>DELETE)\s+FROM\s+(?<table>\w+)";

    // "FOR UPDATE", "FOR NO KEY UPDATE" and "DO UPDATE SET" name no table.
    private const string Updates = @"(?<!\b(FOR|DO|KEY)\s+)\b(?<verb>UPDATE)\s+(?<table>\w+)";

    private static readonly ConcurrentDictionary<string, string> s_names = new(StringComparer.Ordinal);

    /// <summary>Names a statement after what it writes, or else after what it reads.</summary>
    public static string Of(string statement)
    {
        if (s_names.TryGetValue(statement, out var name))
        {
            return name;
        }

        name = Derive(statement);
        if (s_names.Count < MostKept)
        {
            s_names.TryAdd(statement, name);
        }

        return name;
    }

    /// <summary>Names a batch after its first statement.</summary>
    public static string Of(NpgsqlBatch batch) =>
        batch.BatchCommands.Count switch
        {
            0 => "batch",
            1 => Of(batch.BatchCommands[0].CommandText),
            var statements => $"{Of(batch.BatchCommands[0].CommandText)} and {statements - 1} more",
        };

    private static string Derive(string statement)
    {
        // A write in a WITH clause says more than the SELECT behind it.
        if (WriteExpression().Match(statement) is { Success: true } write)
        {
            return $"{write.Groups["verb"].Value.ToUpperInvariant()} {write.Groups["table"].Value}";
        }

        var verb = VerbExpression().Match(statement).Value.ToUpperInvariant();
        return verb switch
        {
            "" => "statement",
            "SELECT" or "WITH" when ReadExpression().Match(statement) is { Success: true } read => $"SELECT {read.Groups["table"].Value}",
            "WITH" => "SELECT",
            _ => verb,
        };
    }

    [GeneratedRegex(Inserts + "|" + Deletes + "|" + Updates, Options)]
    private static partial Regex WriteExpression();

    [GeneratedRegex(@"\bFROM\s+(?<table>[a-z_]\w*)", Options)]
    private static partial Regex ReadExpression();

    [GeneratedRegex(@"\b[a-z]+\b", Options)]
    private static partial Regex VerbExpression();
}
