using System.Text;

namespace MediaAspire.Storage.Volumes;

/// <summary>The mounted file systems of this process, as Linux lists them in <c>/proc/self/mountinfo</c>.</summary>
/// <remarks>
/// Mount points are compared, not device numbers. A volume and the container's root can share a device, as with Docker's storage
/// driver vfs.
/// </remarks>
internal sealed class MountTable(IReadOnlyList<Mount> mounts)
{
    private const int PointField = 4;
    private const int MaxLinks = 40;

    /// <summary>Parses the kernel's list.</summary>
    /// <remarks>
    /// <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw</c>, with octal escapes for blanks in a path (proc(5)).
    /// </remarks>
    public static MountTable Parse(string text) => new([.. text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .Select(fields => new Mount(Unescape(fields[PointField]), fields[Array.IndexOf(fields, "-", PointField) + 1]))]);

    /// <summary>Finds the file system of a path, which need not exist.</summary>
    /// <param name="path">An absolute path; symbolic links in it are followed.</param>
    /// <exception cref="IOException">The path's symbolic links form a cycle.</exception>
    public Mount? Find(string path)
    {
        var real = Resolve(path);

        // A later mount hides earlier ones on the same point.
        return mounts.Where(mount => Holds(mount.Point, real)).MaxBy(mount => mount.Point.Length) is { } deepest
            ? mounts.Last(mount => mount.Point == deepest.Point)
            : null;
    }

    private static bool Holds(string point, string path) =>
        point == "/" || path == point || (path.StartsWith(point, StringComparison.Ordinal) && path[point.Length] == '/');

    private static string Resolve(string path)
    {
        var pending = new Stack<string>();
        var resolved = "/";
        Push(path);
        for (var links = 0; pending.TryPop(out var name);)
        {
            var next = Path.Combine(resolved, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
            }
            else if (++links > MaxLinks)
            {
                throw new IOException($"Too many symbolic links in {path}.");
            }
            else
            {
                Push(Path.GetFullPath(target, resolved));
                resolved = "/";
            }
        }

        return resolved;

        void Push(string more)
        {
            foreach (var name in more.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(name);
            }
        }
    }

    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            text.Append(field[i] == '\\' ? (char)ReadOctal(field, ref i) : field[i]);
        }

        return text.ToString();
    }

    private static int ReadOctal(string field, ref int i)
    {
        var digits = field.AsSpan(i + 1, 3);
        i += digits.Length;
        return ((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + (digits[2] - '0');
    }
}
