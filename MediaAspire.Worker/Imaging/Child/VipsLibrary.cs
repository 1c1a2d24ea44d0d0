using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Loads libvips into this process: the system's if there is one, which has JPEG XL and HEIC, else that of the package.</summary>
internal static class VipsLibrary
{
    private const string LinuxName = "libvips.so.42";
    private const string MacName = "libvips.42.dylib";

    private static nint s_handle;
    private static bool s_isChosen;

    /// <summary>Loads the library, and blocks every loader except those of our formats.</summary>
    /// <returns>The formats and operations of the library; no formats when there is no library.</returns>
    public static ProcessHello Load()
    {
        Choose();
        return Initialize();
    }

    /// <summary>Chooses the library without loading it. Must precede any other use of the wrapper, which would choose by itself.</summary>
    public static void Choose()
    {
        if (!s_isChosen)
        {
            NativeLibrary.SetDllImportResolver(Assembly.Load("NetVips"), Resolve);
            s_isChosen = true;
        }
    }

    /// <summary>Forgets the errors of earlier requests, which the next exception would quote.</summary>
    public static unsafe void ClearErrors() =>
        ((delegate* unmanaged[Cdecl]<void>)NativeLibrary.GetExport(s_handle, "vips_error_clear"))();

    // Not inlined, so that the wrapper's initializer does not run earlier.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ProcessHello Initialize()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            return ProcessHello.None;
        }

        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);

        var available = NetVips.NetVips.GetOperations().ToHashSet();
        List<ImageFormat> reads = [];
        List<ImageFormat> writes = [];
        foreach (var (format, loaderClass, loader, saver) in PictureLoader.Operations)
        {
            if (!available.Contains(loader))
            {
                continue;
            }

            Operation.Block(loaderClass, false);
            reads.Add(format);
            if (saver is not null && available.Contains(saver))
            {
                writes.Add(format);
            }
        }

        // Some versions distrust the library of JPEG XL for writing too; what we write is ours.
        if (writes.Contains(ImageFormat.Jxl))
        {
            Operation.Block("VipsForeignSaveJxl", false);
        }

        var version = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
        return new ProcessHello(version, reads, writes);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        // All symbols of GLib can be found through libvips, which depends on it.
        var vips = OperatingSystem.IsMacOS() ? MacName : LinuxName;
        if (s_handle == 0 && !NativeLibrary.TryLoad(vips, out s_handle))
        {
            s_handle = NativeLibrary.Load(vips, assembly, searchPath);
        }

        return s_handle;
    }
}
