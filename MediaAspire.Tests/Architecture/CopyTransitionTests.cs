using System.Text.RegularExpressions;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Architecture;

/// <summary>Tests that every change of a copy's state is a named command of Core/Copies, or an SQL function.</summary>
public sealed partial class CopyTransitionTests
{
    private static readonly string[] s_projects = ["MediaAspire.Core", "MediaAspire.Api", "MediaAspire.Storage", "MediaAspire.Worker"];
    private static readonly string[] s_owners = ["MediaAspire.Core/Copies/", "MediaAspire.Core/Database/"];

    [Fact]
    public void Only_Core_Copies_changes_the_rows_of_copies()
    {
        var offenders = Sources().Where(source => !s_owners.Any(source.StartsWith)).SelectMany(ChangesIn).ToList();

        Assert.True(
            offenders.Count == 0,
            $"Make it a command of CopyTransitions or CopyRemovals, and call that instead: {string.Join("; ", offenders)}");
    }

    [Fact]
    public void Copies_become_deleting_by_the_commands_of_CopyRemovals_only()
    {
        var writers = Sources()
            .Where(source => source.StartsWith(s_owners[0], StringComparison.Ordinal) && ChangesIn(source).Any())
            .Order();

        Assert.Equal(["MediaAspire.Core/Copies/CopyRemovals.cs", "MediaAspire.Core/Copies/CopyTransitions.cs"], writers);
        Assert.DoesNotContain("'deleting'", Read("MediaAspire.Core/Copies/CopyTransitions.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE chunk_replicas r SET status = 'stored'", true)]
    [InlineData("insert into\n    chunk_replicas AS r (chunk_id) VALUES ($1)", true)]
    [InlineData("DELETE FROM public.chunk_replicas WHERE server_id = $1", true)]
    [InlineData("MERGE INTO ONLY \"chunk_replicas\" USING x", true)]
    [InlineData("TRUNCATE chunk_replicas", true)]
    [InlineData("SELECT FROM chunk_replicas FOR UPDATE", false)]
    [InlineData("UPDATE chunks SET x = 1 FROM chunk_replicas", false)]
    public void ChangeExpression_FindsStatementsThatWrite(string sql, bool isChange) =>
        Assert.Equal(isChange, ChangeExpression().IsMatch(sql));

    private static IEnumerable<string> ChangesIn(string source)
    {
        var text = Read(source);
        return ChangeExpression().Matches(text).Select(match => $"{source}({text.AsSpan(0, match.Index).Count('\n') + 1}): {match.Value}");
    }

    private static IEnumerable<string> Sources() =>
        s_projects.Select(project => Path.Combine(Snapshot.Repository, project))
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql")
            .Select(file => Path.GetRelativePath(Snapshot.Repository, file).Replace('\\', '/'))
            .Where(source => !source.Split('/').Any(part => part is "obj" or "bin"));

    private static string Read(string source) => File.ReadAllText(Path.Combine(Snapshot.Repository, source));

    [GeneratedRegex(
        @"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(\s+TABLE)?|COPY)\s+(ONLY\s+)?(""?\w+""?\.)?""?chunk_replicas\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ChangeExpression();
}
