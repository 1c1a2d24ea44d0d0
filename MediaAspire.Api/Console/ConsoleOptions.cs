using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>The settings of the web console. Bound from the <c>Console</c> section.</summary>
internal sealed class ConsoleOptions
{
    public const string SectionName = "Console";

    /// <summary>Gets or sets the directory with the output of the console's build.</summary>
    /// <value>The default is <c>console</c> beside the program.</value>
    [Required]
    public string Directory { get; set; } = Path.Combine(AppContext.BaseDirectory, "console");

    /// <summary>Gets or sets the time after a sign-in for which its session is valid.</summary>
    /// <value>The default is 12 hours. A session ends earlier with the key that it was signed in with.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// Gets or sets the time after which a stream of events sends a comment, by which both sides notice a lost connection, and checks that
    /// the session or key of its listener is still valid.
    /// </summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>;
