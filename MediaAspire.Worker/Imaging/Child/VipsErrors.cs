using MediaAspire.Worker.Imaging.Protocol;
using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Tells failures of the content from those of the machine.</summary>
internal static class VipsErrors
{
    private const int MaxReasonLength = 200;

    // The texts of errno that speak of this machine.
    private static readonly string[] s_faults =
    [
        "No space left on device", "Disk quota exceeded", "Permission denied", "Read-only file system", "No such file or directory",
        "Too many open files", "Input/output error",
    ];

    public static ProcessResponse Respond(VipsException exception, ProcessRequest request)
    {
        if (Array.Exists(s_faults, fault => exception.Message.Contains(fault, StringComparison.OrdinalIgnoreCase)))
        {
            return new ProcessResponse { Fault = exception.Message };
        }

        return new ProcessResponse
        {
            Failure = new ImageFailure("image-unreadable", $"The picture cannot be decoded: {ReasonOf(exception.Message, request)}."),
        };
    }

    // The text is the decoder's, and may contain bytes of the file and its path.
    private static string ReasonOf(string message, ProcessRequest request)
    {
        // The wrapper's own line comes first; the causes follow.
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reason = lines.Length > 1 ? lines[1] : lines.Length > 0 ? lines[0] : "unknown reason";
        reason = reason.Replace(request.Source, "the file", StringComparison.Ordinal);
        if (request.Destination is { } destination)
        {
            reason = reason.Replace(destination, "the result", StringComparison.Ordinal);
        }

        var printable = new string([.. reason.Where(character => character is >= ' ' and <= '~').Take(MaxReasonLength)]);
        return printable.TrimEnd('.', ' ');
    }
}
