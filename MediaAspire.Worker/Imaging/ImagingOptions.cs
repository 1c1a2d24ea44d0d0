using System.ComponentModel.DataAnnotations;
using MediaAspire.Worker.Confinement;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>The settings of the processes that read pictures, animations and videos. Bound from the <c>Imaging</c> section.</summary>
public sealed class ImagingOptions
{
    public const string SectionName = "Imaging";

    /// <summary>Gets or sets the directory for temporary files. Each process has its own directory inside.</summary>
    /// <value>The default is <c>mediaaspire-imaging</c> in the system's directory for temporary files.</value>
    [Required]
    public string TempDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "mediaaspire-imaging");

    /// <summary>Gets or sets the number of processes that work at once.</summary>
    /// <value>The default, 0, is the number of processors, but at most 4.</value>
    [Range(0, 64)]
    public int Processes { get; set; }

    /// <summary>Gets or sets the time for one request, after which its process is killed.</summary>
    /// <value>The default is 30 seconds. The minimum is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the memory that a process may take for pixels, in bytes.</summary>
    /// <value>The default is 1.5 GiB. The minimum is 128 MiB.</value>
    [Range(128L << 20, 1L << 40)]
    public long MemoryBytes { get; set; } = 1536L << 20;

    /// <summary>Gets or sets the processor time of a process, after which it is killed. It is replaced earlier, at half of it.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProcessorTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the size of the largest file that a process can write, in bytes.</summary>
    /// <value>The default is 256 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long OutputBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets the number of requests after which a process is replaced.</summary>
    /// <value>The default is 500.</value>
    [Range(1, 1_000_000)]
    public int RequestsPerProcess { get; set; } = 500;

    /// <summary>Gets or sets the resident memory above which a process is replaced after its request, in bytes.</summary>
    /// <value>The default is 256 MiB.</value>
    [Range(1L << 26, 1L << 40)]
    public long ResidentBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets the age at which a process is replaced.</summary>
    /// <value>The default is an hour.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ProcessLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets a value indicating whether the processes, ffmpeg too, are kept from files and from the network.</summary>
    /// <value>The default is <see cref="ConfinementMode.Auto"/>: as far as the kernel can. Linux only.</value>
    [EnumDataType(typeof(ConfinementMode))]
    public ConfinementMode Confinement { get; set; }
}

/// <summary>Checks the data annotations of <see cref="ImagingOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class ImagingOptionsValidator : IValidateOptions<ImagingOptions>;
