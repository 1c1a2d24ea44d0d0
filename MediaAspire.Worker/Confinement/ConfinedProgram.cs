namespace MediaAspire.Worker.Confinement;

/// <summary>A program that reads hostile bytes, and the files that it may use besides those of the system.</summary>
/// <param name="Command">The full path of the program, and its arguments.</param>
internal sealed record ConfinedProgram(IReadOnlyList<string> Command)
{
    private const string NoEnvironment = "--no-environment";
    private const string Run = "--run=";
    private const string Read = "--read=";
    private const string Write = "--write=";
    private const string End = "--";

    /// <summary>Gets the directories of programs that it may run, and of their libraries.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>Gets the files and directories that it may read.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Gets the files and directories that it may read and write.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>Gets a value indicating whether it gets the variables of the environment.</summary>
    public bool HasEnvironment { get; init; }

    /// <summary>Parses what <see cref="ToArguments"/> wrote.</summary>
    public static ConfinedProgram Parse(ReadOnlySpan<string> arguments)
    {
        var (runs, reads, writes, hasEnvironment) = (new List<string>(), new List<string>(), new List<string>(), true);
        for (var at = 0; at < arguments.Length; at++)
        {
            var argument = arguments[at];
            switch (argument)
            {
                case End when at + 1 < arguments.Length:
                    return new([.. arguments[(at + 1)..]])
                    {
                        Runs = runs,
                        Reads = reads,
                        Writes = writes,
                        HasEnvironment = hasEnvironment,
                    };
                case NoEnvironment:
                    hasEnvironment = false;
                    break;
                case var run when run.StartsWith(Run, StringComparison.Ordinal):
                    runs.Add(run[Run.Length..]);
                    break;
                case var read when read.StartsWith(Read, StringComparison.Ordinal):
                    reads.Add(read[Read.Length..]);
                    break;
                case var write when write.StartsWith(Write, StringComparison.Ordinal):
                    writes.Add(write[Write.Length..]);
                    break;
                default:
                    throw new ArgumentException($"'{argument}' is not an argument of {ConfineCommand.Name}.", nameof(arguments));
            }
        }

        throw new ArgumentException("The program is missing.", nameof(arguments));
    }

    /// <summary>Writes the arguments of the command <see cref="ConfineCommand.Name"/>.</summary>
    public IEnumerable<string> ToArguments() =>
    [
        .. HasEnvironment ? Array.Empty<string>() : [NoEnvironment],
        .. Runs.Select(path => Run + path), .. Reads.Select(path => Read + path), .. Writes.Select(path => Write + path), End, .. Command,
    ];
}
